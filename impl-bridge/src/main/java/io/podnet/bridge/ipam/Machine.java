package io.podnet.bridge.ipam;

import java.time.InstantSource;

/**
 * What the Ipam needs of the machine it runs on.
 *
 * @param files does every file operation
 * @param clock tells the time for cool-downs
 * @param boot tells leases of this boot from older ones
 * @param processes tells living users of the directory from dead ones
 */
record Machine(FileOps files, InstantSource clock, Boot boot, Processes processes) {
    static Machine real() {
        Boot boot = Boot.current();
        return new Machine(new PosixFileOps(), InstantSource.system(), boot, new ProcProcesses(boot.id()));
    }
}
