"""The law as data: operations, requirements, versions, schemas, connector identifiers."""
