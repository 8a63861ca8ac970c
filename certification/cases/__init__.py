"""The cases, one module a family; each script reads like its row of the catalogue."""
