/**
 * The way in for a Spring Boot application: with Camel Spring Boot beside it, this library on the class path is enough.
 *
 * <pre>
 * application.yml · arguments · environment ─► rotation.* ─┐
 * beans: ApiAuthSource · OutcomeHandler ───────────────────┴─► RotationRoutes ─► Camel Spring Boot's context
 * </pre>
 *
 * <p>Shows {@link org.keyrotation.routes.spring.RotationAutoConfiguration}, to those who exclude it. Nobody here knows this
 * package, and no other one knows Spring.
 */
@NullMarked
package org.keyrotation.routes.spring;

import org.jspecify.annotations.NullMarked;
