"""The actions of the language, one file each."""
