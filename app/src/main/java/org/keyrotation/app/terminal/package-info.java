/**
 * What a person reads on a terminal: tables, and the progress of requests.
 *
 * <p>Public types: {@link org.keyrotation.app.terminal.Table}, {@link org.keyrotation.app.terminal.Progress} and {@link
 * org.keyrotation.app.terminal.Terminal}.
 */
@NullMarked
package org.keyrotation.app.terminal;

import org.jspecify.annotations.NullMarked;
