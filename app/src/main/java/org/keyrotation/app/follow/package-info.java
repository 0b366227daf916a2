/**
 * Events on topics, read without a consumer group.
 *
 * <p>Public type: {@link org.keyrotation.app.follow.EventReader}.
 */
@NullMarked
package org.keyrotation.app.follow;

import org.jspecify.annotations.NullMarked;
