package io.podnet.dns.server;

/** A UDP socket of the server: batch in, answers, batch out. Its loop's thread only. */
final class UdpPort implements Handler, ReplyPath.Maker {
    private final EventLoop loop;
    private final LoopMemory memory;
    private final Client client;
    private final int fd;
    private final boolean wildcard;
    private long token;
    private int last;
    private int current;
    private boolean closed;

    UdpPort(EventLoop loop, LoopMemory memory, Client client, int fd, boolean wildcard) {
        this.loop = loop;
        this.memory = memory;
        this.client = client;
        this.fd = fd;
        this.wildcard = wildcard;
    }

    void open() {
        token = loop.add(fd, Epoll.IN, this);
    }

    @Override
    public void ready(int events) {
        DatagramBatch batch = memory.batch();
        byte[] query = memory.query();
        byte[] answer = memory.answer();
        int received = batch.receive(fd, wildcard, last <= 1 && !loop.busy());
        last = received;
        for (int i = 0; i < received; i++) {
            int length = batch.query(i, query);
            current = i;
            int answered = length < 0 ? 0 : memory.desk().handle(query, length, false, client, answer, this);
            if (answered > 0) {
                batch.answer(i, answer, answered);
            }
        }
        batch.send(fd);
    }

    @Override
    public ReplyPath replyPath() {
        DatagramBatch.Origin origin = memory.batch().origin(current);
        return (answer, length) -> {
            if (length > 0) {
                loop.execute(() -> send(origin, answer, length));
            }
        };
    }

    private void send(DatagramBatch.Origin origin, byte[] answer, int length) {
        if (!closed) {
            memory.batch().send(fd, origin, answer, length);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.remove(fd, token);
        }
    }
}
