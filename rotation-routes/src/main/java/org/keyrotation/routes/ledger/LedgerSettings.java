package org.keyrotation.routes.ledger;

/** Where the ledger is kept: a topic that is compacted, and not deleted from. */
public record LedgerSettings(String topic) {}
