-- An entry without its time and number, as JSON
CREATE TABLE audit (
  at INTEGER NOT NULL,
  number INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (at, number)
) STRICT, WITHOUT ROWID;
