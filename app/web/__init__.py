"""What every route shares: parsing, guards, problems, headers, limits and the description of the API."""
