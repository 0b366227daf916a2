/**
 * Follows requests to their outcomes, whichever instance brings them there.
 *
 * <pre>
 * ledger: state of each request ───────┐
 *                                      ├─► FollowedRequests: outcome and reason of each
 * failures topic, satisfied topic ─────┘
 * </pre>
 *
 * <p>The keys topic is not read: the ledger tells that a key is there.
 *
 * <p>Public types: {@link org.keyrotation.app.follow.FollowedRequests}, {@link org.keyrotation.app.follow.FollowedRequest},
 * {@link org.keyrotation.app.follow.EventReader}.
 */
@NullMarked
package org.keyrotation.app.follow;

import org.jspecify.annotations.NullMarked;
