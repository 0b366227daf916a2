/**
 * What a person reads on a terminal: tables, and the progress of requests.
 *
 * <p>Public types: {@link org.keyrotation.app.terminal.Table}, {@link org.keyrotation.app.terminal.Progress}, {@link
 * org.keyrotation.app.terminal.Terminal}, {@link org.keyrotation.app.terminal.RelativeTime}.
 */
@NullMarked
package org.keyrotation.app.terminal;

import org.jspecify.annotations.NullMarked;
