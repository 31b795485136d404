"""STIR/SHAKEN: signing the calls that go out, verifying those that come in (RFC 8224, RFC 8225, RFC 8588)."""
