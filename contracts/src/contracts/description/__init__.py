"""How are the contracts told to those who do not read Python? As schemas, as one AsyncAPI document, as a page."""
