/**
 * The status of credentials, derived from the topics: there is no other store.
 *
 * <pre>
 * requests and retry topics: open requests ─┐
 * ledger: last key, unfinished, failures ───┤
 * failures topic: the reasons ──────────────┼─► StatusRules ─► CredentialStatuses ─► status
 * schedule: due dates ──────────────────────┘
 * requests, failures and satisfied topics, ledger ─► Timeline of one credential ───────┘
 * </pre>
 *
 * <p>The keys topic is not read: who looks at a status needs no right to read keys.
 *
 * <p>Public types: {@link org.keyrotation.app.status.CredentialStatuses}, {@link org.keyrotation.app.status.StatusReasons},
 * {@link org.keyrotation.app.status.Timeline} and {@link org.keyrotation.app.status.RelativeTime}.
 */
@NullMarked
package org.keyrotation.app.status;

import org.jspecify.annotations.NullMarked;
