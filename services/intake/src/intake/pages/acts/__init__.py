"""What a consumer does from the page of their matter that is intake's to do: add a document, withdraw."""
