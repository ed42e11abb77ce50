package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.World;

/** The journal's files as one process has them: each call may be its last, or fail. */
final class SimulatedFiles implements JournalFiles {

    private static final String FULL = "No space left on device";
    private static final String BROKEN = "Input/output error";

    private final World world;
    private final SimulatedCalls calls;
    private final ForgetfulDisk disk;
    private long fullUntil;

    SimulatedFiles(World world, SimulatedCalls calls, ForgetfulDisk disk) {
        this.world = world;
        this.calls = calls;
        this.disk = disk;
    }

    private interface Change {
        void now() throws IOException;
    }

    private void change(Change change) throws IOException {
        calls.carryOut(() -> {
            calls.mayFail(Fault.WRITE_FAILED, BROKEN);
            change.now();
            return null;
        });
    }

    private <T> T read(SimulatedCalls.Call<T, IOException> call) throws IOException {
        return calls.carryOut(() -> {
            calls.mayFail(Fault.READ_FAILED, BROKEN);
            return call.now();
        });
    }

    private void needRoom() throws IOException {
        if (world.happens(Fault.DISK_FULL)) {
            fullUntil = world.timeline.elapsed() + world.chance.seconds(1, 120);
        }
        if (world.timeline.elapsed() < fullUntil) {
            throw calls.failure(FULL);
        }
    }

    @Override
    public List<String> names() throws IOException {
        return read(disk::names);
    }

    @Override
    public long size(String name) throws IOException {
        return read(() -> disk.size(name));
    }

    @Override
    public ByteBuffer read(String name, int length) throws IOException {
        return read(() -> disk.read(name, length));
    }

    @Override
    public Output create(String name) throws IOException {
        return calls.carryOut(() -> {
            needRoom();
            calls.mayFail(Fault.WRITE_FAILED, BROKEN);
            return new SimulatedOutput(disk.create(name));
        });
    }

    @Override
    public void rename(String from, String to) throws IOException {
        change(() -> disk.rename(from, to));
    }

    @Override
    public void delete(String name) throws IOException {
        change(() -> disk.delete(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        change(disk::syncDirectory);
    }

    private final class SimulatedOutput implements Output {

        private final Output output;

        SimulatedOutput(Output output) {
            this.output = output;
        }

        /** What fails may have been written in part. */
        @Override
        public void write(long position, ByteBuffer octets) throws IOException {
            calls.carryOut(() -> {
                needRoom();
                if (world.happens(Fault.WRITE_FAILED)) {
                    ByteBuffer part = octets.duplicate();
                    part.limit(part.position() + world.chance.between(0, part.remaining()));
                    output.write(position, part);
                    throw calls.failure(BROKEN);
                }
                output.write(position, octets);
                return null;
            });
        }

        @Override
        public void truncate(long length) throws IOException {
            change(() -> output.truncate(length));
        }

        @Override
        public void force() throws IOException {
            calls.carryOut(() -> {
                if (world.happens(Fault.FORCE_FAILED)) {
                    disk.failOperations(1);
                    calls.failure(BROKEN);
                }
                output.force();
                return null;
            });
        }

        @Override
        public void close() throws IOException {
            change(output::close);
        }
    }
}
