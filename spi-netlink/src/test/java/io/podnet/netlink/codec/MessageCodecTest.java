package io.podnet.netlink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is written can be read, byte for byte as the kernel wants it. */
class MessageCodecTest {
    private final MessageWriter writer = new MessageWriter(memory(4096)).clear(7);

    private static ByteBuffer memory(int size) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < size; i++) {
            buffer.put(i, (byte) 0xa5);
        }
        return buffer;
    }

    private MessageReader read() {
        writer.end();
        return new MessageReader().wrap(writer.buffer(), 0, writer.length());
    }

    private String hex() {
        writer.end();
        byte[] bytes = new byte[writer.length()];
        writer.buffer().get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void everyKindOfAttributeComesBack() {
        writer.begin(0x1234, 0x0605)
                .putByte(1)
                .putByte(2)
                .putShort(3)
                .putShortBe(0x4455)
                .putShort(0);
        writer.attrU8(1, 200).attrU16(2, 60000).attrU32(3, -2).attrU64(4, -3L);
        writer.attrBe16(5, 0x0102).attrBe32(6, 0x01020304).attrBe64(7, 0x0102030405060708L);
        writer.attrString(8, "veth0")
                .attrString(9, "gr\u00fcn")
                .attrBytes(10, new byte[] {1, 2, 3})
                .attrFlag(11);
        writer.attrAddress(12, IpAddress.parse("10.1.2.3")).attrAddress(13, IpAddress.parse("fd00::5"));
        writer.attrMac(14, MacAddress.parse("02:aa:bb:cc:dd:ee"));
        int outer = writer.beginNested(15);
        int inner = writer.beginNested(1);
        writer.attrU8(2, 9);
        writer.endNested(inner).endNested(outer);

        MessageReader message = read();
        assertThat(message.next()).isTrue();
        assertThat(message.type()).isEqualTo(0x1234);
        assertThat(message.flags()).isEqualTo(0x0605);
        assertThat(message.sequence()).isEqualTo(7);
        assertThat(message.portId()).isZero();
        assertThat(message.u8(1)).isEqualTo(2);
        assertThat(message.u16(2)).isEqualTo(3);
        assertThat(message.be16(4)).isEqualTo(0x4455);
        AttributeReader attributes = message.attributes(8);
        assertThat(at(attributes, 1).u8()).isEqualTo(200);
        assertThat(at(attributes, 2).u16()).isEqualTo(60000);
        assertThat(at(attributes, 3).u32()).isEqualTo(0xffff_fffeL);
        assertThat(at(attributes, 4).u64()).isEqualTo(-3);
        assertThat(at(attributes, 5).be16()).isEqualTo(0x0102);
        assertThat(at(attributes, 6).be32()).isEqualTo(0x01020304);
        assertThat(at(attributes, 7).be64()).isEqualTo(0x0102030405060708L);
        assertThat(at(attributes, 8).string()).isEqualTo("veth0");
        assertThat(attributes.stringEquals("veth0")).isTrue();
        assertThat(attributes.stringEquals("veth")).isFalse();
        assertThat(attributes.stringEquals("veth01")).isFalse();
        assertThat(at(attributes, 9).string()).isEqualTo("gr\u00fcn");
        assertThat(at(attributes, 10).bytes()).containsExactly(1, 2, 3);
        assertThat(at(attributes, 11).length()).isZero();
        assertThat(at(attributes, 12).address()).isEqualTo(IpAddress.parse("10.1.2.3"));
        assertThat(at(attributes, 13).address()).isEqualTo(IpAddress.parse("fd00::5"));
        assertThat(at(attributes, 14).mac()).isEqualTo(MacAddress.parse("02:aa:bb:cc:dd:ee"));
        AttributeReader nested = at(attributes, 15).nested();
        assertThat(at(at(nested, 1).nested(), 2).u8()).isEqualTo(9);
        assertThat(nested.next()).isFalse();
        assertThat(attributes.next()).isFalse();
        assertThat(message.next()).isFalse();
    }

    private static AttributeReader at(AttributeReader attributes, int type) {
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(type);
        return attributes;
    }

    @Test
    void paddingIsZeroAlsoInAUsedBuffer() {
        writer.begin(1, 0).attrU8(1, 0xff).attrString(2, "ab");
        assertThat(hex()).endsWith("05000100ff000000" + "0700020061620000");
    }

    @Test
    void messagesFollowEachOtherWithSequenceNumbersOfTheirOwn() {
        writer.begin(1, 0).putByte(1);
        writer.begin(2, 0).attrU32(1, 5);
        MessageReader message = read();
        assertThat(message.next()).isTrue();
        assertThat(message.sequence()).isEqualTo(7);
        assertThat(message.payloadLength()).isEqualTo(1);
        assertThat(message.next()).isTrue();
        assertThat(message.sequence()).isEqualTo(8);
        assertThat(message.next()).isFalse();
        assertThat(writer.count()).isEqualTo(2);
    }

    @Test
    void anOpenNestIsAProgrammersError() {
        writer.begin(1, 0).beginNested(1);
        assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        MessageWriter small = new MessageWriter(memory(64)).clear(1);
        small.begin(1, 0);
        assertThatThrownBy(() -> small.attrBytes(1, new byte[64])).isInstanceOf(PodnetException.LimitReached.class);
        MessageWriter large = new MessageWriter(memory(1 << 20)).clear(1);
        large.begin(1, 0);
        assertThatThrownBy(() -> large.attrBytes(1, new byte[0x10000]))
                .isInstanceOf(PodnetException.LimitReached.class)
                .hasMessageContaining("split");
        int nest = large.beginNested(2);
        large.attrBytes(1, new byte[40_000]).attrBytes(1, new byte[40_000]);
        assertThatThrownBy(() -> large.endNested(nest)).isInstanceOf(PodnetException.LimitReached.class);
    }

    @Test
    void aGrowingBufferKeepsWhatIsWritten() {
        ByteBuffer[] held = {memory(16)};
        MessageWriter growing = new MessageWriter(needed -> {
                    if (needed > held[0].capacity()) {
                        ByteBuffer larger = memory(needed);
                        larger.put(0, held[0], 0, held[0].capacity());
                        held[0] = larger;
                    }
                    return held[0];
                })
                .clear(1);
        growing.begin(1, 0).attrString(1, "a somewhat longer string").attrU64(2, 77);
        growing.end();
        MessageReader message = new MessageReader().wrap(growing.buffer(), 0, growing.length());
        message.next();
        AttributeReader attributes = message.attributes(0);
        assertThat(at(attributes, 1).string()).isEqualTo("a somewhat longer string");
        assertThat(at(attributes, 2).u64()).isEqualTo(77);
    }

    @Test
    void typesAreReadWithoutTheirMarksAndLengthsUnsigned() {
        writer.begin(1, 0).attrBytes(5 | LinuxNetlink.NLA_F_NESTED | LinuxNetlink.NLA_F_NET_BYTEORDER, new byte[1]);
        MessageReader message = read();
        message.next();
        assertThat(at(message.attributes(0), 5).length()).isEqualTo(1);

        MessageWriter large = new MessageWriter(memory(1 << 17)).clear(1);
        large.begin(1, 0).attrBytes(1, new byte[40_000]).end();
        MessageReader reader = new MessageReader().wrap(large.buffer(), 0, large.length());
        reader.next();
        assertThat(at(reader.attributes(0), 1).length()).isEqualTo(40_000);
    }

    @Test
    void lengthsThatLieAreMalformed() {
        writer.begin(1, 0).attrU32(1, 1).end();
        ByteBuffer buffer = writer.buffer();
        for (int lie : new int[] {0, 15, 25, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            buffer.putInt(0, lie);
            MessageReader reader = new MessageReader().wrap(buffer, 0, 24);
            assertThatThrownBy(reader::next).isInstanceOf(MalformedMessageException.class);
            assertThat(reader.next()).isFalse();
        }
        buffer.putInt(0, 24);
        for (int lie : new int[] {0, 3, 9, 0xffff}) {
            buffer.putShort(16, (short) lie);
            MessageReader reader = new MessageReader().wrap(buffer, 0, 24);
            reader.next();
            AttributeReader attributes = reader.attributes(0);
            assertThatThrownBy(attributes::next).isInstanceOf(MalformedMessageException.class);
            assertThat(attributes.next()).isFalse();
        }
        MessageReader tail = new MessageReader().wrap(buffer, 0, 10);
        assertThatThrownBy(tail::next).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void valuesThatAreTooShortAreMalformed() {
        writer.begin(1, 0).attrU8(1, 1);
        MessageReader message = read();
        message.next();
        AttributeReader attribute = at(message.attributes(0), 1);
        assertThatThrownBy(attribute::u16).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(attribute::s32).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(attribute::u64).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(attribute::address).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(attribute::mac).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> attribute.nestedAt(2)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> message.s32(8)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> message.attributes(100)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aStringEndsAtItsNulOrItsLength() {
        writer.begin(1, 0).attrBytes(1, new byte[] {'a', 0, 'b'}).attrBytes(2, new byte[] {'a', 'b'});
        MessageReader message = read();
        message.next();
        AttributeReader attributes = message.attributes(0);
        assertThat(at(attributes, 1).string()).isEqualTo("a");
        assertThat(at(attributes, 2).string()).isEqualTo("ab");
        assertThat(attributes.stringEquals("ab")).isTrue();
        assertThatThrownBy(() -> writer.clear(1).begin(1, 0).attrString(1, "a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
