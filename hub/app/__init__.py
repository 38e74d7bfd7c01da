"""The hub put together: settings, plugins, workers and cameras become one running program."""
