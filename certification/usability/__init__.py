"""The usability guidelines, held to real pages."""
