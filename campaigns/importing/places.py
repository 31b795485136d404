"""What files call countries and time zones."""

from __future__ import annotations

COUNTRY_NAMES: dict[str, str] = {
    "USA": "US",
    "U.S.": "US",
    "U.S.A.": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "CANADA": "CA",
    "CAN": "CA",
    "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB",
    "UK": "GB",
    "GBR": "GB",
    "MEXICO": "MX",
    "AUSTRALIA": "AU",
    "IRELAND": "IE",
    "GERMANY": "DE",
    "FRANCE": "FR",
}

COMMON_ZONES: dict[str, str] = {
    "EASTERN": "America/New_York",
    "EASTERN TIME": "America/New_York",
    "ET": "America/New_York",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CENTRAL": "America/Chicago",
    "CENTRAL TIME": "America/Chicago",
    "CT": "America/Chicago",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "MOUNTAIN TIME": "America/Denver",
    "MT": "America/Denver",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "PACIFIC TIME": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
}
"""Read in North America only in so far as they are added to what number and ZIP say, never instead of it."""
