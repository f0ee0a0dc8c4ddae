"""The read side: what diners see."""
