/**
 * What is known of each credential: its last rotation, the unfinished one, and the requests that were settled.
 *
 * <pre>
 *            write, acknowledged
 * rotate ──────────────────────────► ledger topic (compacted)
 *   │                                     │ read from its beginning, by every instance
 *   └── entry, once caught up ◄── memory ◄┘
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.ledger.Ledger}, the {@link org.keyrotation.routes.ledger.LedgerEntry} that it
 * keeps with its {@link org.keyrotation.routes.ledger.UnfinishedRotation}, and
 * {@link org.keyrotation.routes.ledger.LedgerSettings}. It uses Kafka's own clients, not Camel's routes: it is asked for
 * positions and ends, which a route does not know.
 */
@NullMarked
package org.keyrotation.routes.ledger;

import org.jspecify.annotations.NullMarked;
