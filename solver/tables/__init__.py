"""Tables that turn points, hours and conditions into money: arrays in, exact amounts out."""
