"""Several laptops, one record: change sets out and in by file, with no server and no connection between them."""
