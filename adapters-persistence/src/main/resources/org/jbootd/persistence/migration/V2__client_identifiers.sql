-- Clients may be known by their client identifier ([bootp] identity = client_id): id: and its octets in hex, at most 255 of them.
-- holder says what the client is known by whose address it is: the column hardware, or that. A change of the setting is recorded
-- as REKEYED in lease_event.kind.
ALTER TABLE lease ALTER COLUMN holder SET DATA TYPE VARCHAR(513);
