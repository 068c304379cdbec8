"""The record that protects a film: who is recorded, who agreed to what, until when. See docs/decisions/0010."""
