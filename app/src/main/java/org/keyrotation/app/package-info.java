/**
 * key-rotation as a service of its own: {@link org.keyrotation.app.RotationApp} reads its arguments, sets its defaults and
 * runs the routes in Camel Main until it is told to stop.
 */
@NullMarked
package org.keyrotation.app;

import org.jspecify.annotations.NullMarked;
