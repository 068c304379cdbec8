"""The mailbox of a demonstration: the mails that would have left, as pages. It is mounted only if `DEMO` is on."""
