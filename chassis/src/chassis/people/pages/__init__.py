"""Where do people log in and mind their accounts, with a browser? The same stories as behind the JSON doors."""
