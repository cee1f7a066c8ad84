"""What happened, by time: counts that were made elsewhere, added up by minute, hour and day, for people to look at.

- models: Count, how often something happened in a minute, an hour or a day; Meter, how far what one host counted was
  read.
- reading: what was counted since the last reading is added, once.

Nothing here is on the way of a request: processes count in memory of their own, and somebody reads it now and then.
"""
