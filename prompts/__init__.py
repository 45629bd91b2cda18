"""Every text that Askwell says lives here as data with strict variables; code names a text, it never contains one."""
