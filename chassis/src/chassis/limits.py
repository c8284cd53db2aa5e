"""How much may come at a door, and how long may it take? Whoever stands in front of the doors is told the same."""

from chassis.refusals import Rule

#: The request line and all headers together; a browser with many cookies sends some 4 KiB.
HEAD_BYTES = 16 * 1024
ADDRESS_BYTES = 8 * 1024
HEADERS_MOST = 100
#: From the connection, or a request's first byte, to the end of its headers.
HEAD_SECONDS = 10.0
MAX_BODY_BYTES = 256 * 1024
BODY_SECONDS = 20.0
#: Nobody waits longer: a database that stands still holds a driver for 20 s. Whoever sends the same again under its
#: key gets what became of the first.
ANSWER_SECONDS = 8.0
RETRY_AFTER_SECONDS = 5
#: Where files come or go: what a door may ask for at most, and how long a request may take from head to end.
ROOM_BYTES = 16 * 1024 * 1024
ROOM_SECONDS = 120.0
#: Several files in one form, on a phone far from everything; the fields come on top. Each may be in memory until the
#: driver has all of it: so many forms at once, and fewer from one address.
FORM_FILES_BYTES = 100 * 1024 * 1024
FORM_BYTES = FORM_FILES_BYTES + 2 * MAX_BODY_BYTES
FORM_SECONDS = 600.0
FORMS_AT_ONCE, FORMS_OF_ONE = 20, 10

NO_HTTP = Rule(400, "no-http", "What came is no HTTP request")
HEAD_TOO_LARGE = Rule(431, "head-too-large", f"The headers are more than {HEADERS_MOST} or {HEAD_BYTES} bytes")
ADDRESS_TOO_LONG = Rule(414, "address-too-long", f"The address is longer than {ADDRESS_BYTES} bytes")
