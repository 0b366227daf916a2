/**
 * Which threads bring a request forward. A few route; what blocks, as a call of the API does, blocks another; and an
 * acknowledgement is waited for on none at all. So a thousand requests under way do not keep each other, or the compiler, from
 * the processors.
 *
 * <p>Shows {@link org.keyrotation.routes.threads.Threads}, {@link org.keyrotation.routes.threads.HandOver}, a step that
 * changes to another of them, {@link org.keyrotation.routes.threads.Awaited}, one that waits on no thread, {@link
 * org.keyrotation.routes.threads.InTurn}, which has exchanges do so until another has left, and {@link
 * org.keyrotation.routes.threads.Flow}, which knows when a send may block.
 */
@NullMarked
package org.keyrotation.routes.threads;

import org.jspecify.annotations.NullMarked;
