"""The reference partner's product: the pages that redirects open, from sign-up to the first look at the data."""
