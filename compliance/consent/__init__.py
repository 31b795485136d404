"""The ledger of consents and relationships, and what each call needs of it."""
