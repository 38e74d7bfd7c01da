import asyncio
import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from hub.testing import TestHub
from integrations.sql import SqlStorage
from integrations.sql.tables import HEAD, metadata


def test_the_steps_lead_to_the_tables_and_nowhere_else() -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async def scene() -> None:
        async with TestHub() as hub:
            storage = SqlStorage(hub.context(), {})
            await storage.start()
            async with storage._database._engine.connect() as connection:
                assert await connection.run_sync(differences) == []
            await storage.stop()

    asyncio.run(scene())


def test_the_last_step_is_the_one_that_the_tables_name() -> None:
    config = Config()
    config.set_main_option("script_location", "integrations.sql:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_plugin_is_light_to_import() -> None:
    program = (
        "import integrations.sql, sys; print(sorted({'sqlalchemy', 'alembic'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
