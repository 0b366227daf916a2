package org.keyrotation.app;

import java.util.ArrayList;
import java.util.List;

/** A program whose second thread dies because the heap is full, while its first one waits for ever. */
final class OutOfHeap {

    private OutOfHeap() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        new Thread(OutOfHeap::fill, "fill").start();
        Thread.currentThread().join();
    }

    private static void fill() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
        }
    }
}
