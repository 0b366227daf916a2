/**
 * The way in for a Spring Boot application that uses Camel Spring Boot: this library on the class path is enough.
 *
 * <pre>
 *  application.yml · arguments · environment ─► rotation.* ─┐
 *                                                           ├─► RotationRoutes ─► the CamelContext of Camel Spring Boot
 *  beans: ApiAuthProvider · OutcomeHandler ─────────────────┘
 * </pre>
 *
 * <p>Public type: {@link org.keyrotation.routes.spring.RotationAutoConfiguration}, for applications that exclude it. No other
 * package uses this one, and no other package uses Spring.
 */
@NullMarked
package org.keyrotation.routes.spring;

import org.jspecify.annotations.NullMarked;
