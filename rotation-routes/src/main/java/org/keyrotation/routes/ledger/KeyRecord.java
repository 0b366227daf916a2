package org.keyrotation.routes.ledger;

/**
 * Where the record of a key is on the keys topic. A consumer that has committed a later offset of the partition has received it.
 *
 * @param partition the partition of the record
 * @param offset the offset of the record
 */
public record KeyRecord(int partition, long offset) {

    /** @throws IllegalArgumentException if it can be no place on a topic */
    public KeyRecord {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("a partition and an offset are not negative");
        }
    }
}
