/**
 * The ledger: for each credential its last rotation, the unfinished one, and the requests that were settled.
 *
 * <pre>
 *            write, acknowledged
 * rotate ──────────────────────────► ledger topic (compacted)
 *   │                                     │ LedgerReader, from the beginning, in every instance
 *   └── entry, once read to end ◄─ LedgerTable (memory)
 * </pre>
 *
 * <p>Public types: {@link org.keyrotation.routes.ledger.Ledger}, its {@link org.keyrotation.routes.ledger.LedgerEntry} with
 * the {@link org.keyrotation.routes.ledger.UnfinishedRotation}, and {@link org.keyrotation.routes.ledger.LedgerSettings}. The
 * package uses Kafka's own clients: a Camel route knows neither positions nor end offsets.
 */
@NullMarked
package org.keyrotation.routes.ledger;

import org.jspecify.annotations.NullMarked;
