package org.keyrotation.routes.ledger;

/**
 * The settings of the ledger.
 *
 * @param topic must be compacted, with {@code cleanup.policy=compact} alone
 */
public record LedgerSettings(String topic) {}
