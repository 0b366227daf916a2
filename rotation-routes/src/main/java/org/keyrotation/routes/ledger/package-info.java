/**
 * The ledger: for each credential its last rotation with its key's fingerprint, the unfinished one, the requests that were
 * settled, and the failures in a row.
 *
 * <pre>
 *            entry made from the current one
 * rotate ──────────────────────────────────► ledger topic (compacted)
 *   │                                             │ LedgerReader, from the beginning, in every instance
 *   ├── current entry, once read to end ◄─ LedgerTable (memory): the first entry of a revision wins
 *   └── whether it wins, once it is read ◄────────┘
 * </pre>
 *
 * <p>The revision is the first field of an entry. The reader reads each record as far as that, and the rest is parsed at its
 * first use. After the start, {@link org.keyrotation.routes.ledger.Ledger#checkEntries()} parses all entries in the background.
 *
 * <p>Public types: {@link org.keyrotation.routes.ledger.Ledger} with its {@link
 * org.keyrotation.routes.ledger.LedgerConflictException}, its {@link org.keyrotation.routes.ledger.LedgerEntry} with
 * the {@link org.keyrotation.routes.ledger.UnfinishedRotation}, the {@link org.keyrotation.routes.ledger.LastKey} and the {@link
 * org.keyrotation.routes.ledger.FailureStreak}, its {@link org.keyrotation.routes.ledger.LedgerControl} with the
 * {@link org.keyrotation.routes.ledger.OtherApiException}, and {@link org.keyrotation.routes.ledger.LedgerSettings}. The
 * package uses Kafka's own clients: a Camel route knows neither positions nor end offsets.
 */
@NullMarked
package org.keyrotation.routes.ledger;

import org.jspecify.annotations.NullMarked;
