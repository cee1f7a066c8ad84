"""What every request passes, in the order of settings.MIDDLEWARE: headers, refusals, the guard of the input, probes."""
