package org.keyrotation.routes.examples;

import org.apache.camel.main.Main;
import org.keyrotation.routes.RotationRoutes;

final class KeyRotation {
    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new RotationRoutes());
        main.run(args);
    }
}
