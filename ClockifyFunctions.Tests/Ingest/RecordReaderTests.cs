using System.Text;
using System.Text.Json;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Ingest;

public class RecordReaderTests
{
    [Theory]
    [InlineData("""{"a":1}""", 1)]
    [InlineData("""[{"a":1},{"a":2}]""", 2)]
    public void AnObjectIsOneRecordAndAnArrayIsMany(string body, int count)
    {
        Assert.True(RecordReader.TryRead(Message(body), out var records, out _));
        Assert.Equal(count, records.Select(record => record.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("7", "is a number")]
    [InlineData("[]", "empty array")]
    [InlineData("""[{},1]""", "Element 1")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    public void ABodyThatIsNeitherAnObjectNorAListOfObjectsIsRefusedWithTheReason(string body, string reason)
    {
        Assert.False(RecordReader.TryRead(Message(body), out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(5000, false)]
    public void OnlyARecordThatIsNestedTooDeepToBeReadAgainIsRefused(int depth, bool taken)
    {
        var body = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        Assert.Equal(taken, RecordReader.TryRead(Message(body), out var records, out var problem));
        if (taken) Assert.Equal(body, Encoding.UTF8.GetString(JsonSerializer.Deserialize(JsonSerializer.Serialize(records![0], BacklogJson.Web.BacklogRecord), BacklogJson.Web.BacklogRecord)!.Body.Utf8.Span));
        else Assert.Contains("deeper than 60 levels", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNotUtf8AreRefused()
    {
        var message = Received.Message([(byte)'{', (byte)'"', (byte)'a', (byte)'"', (byte)':', (byte)'"', 0xC3, (byte)'"', (byte)'}']);
        Assert.False(RecordReader.TryRead(message, out _, out var problem));
        Assert.Contains("UTF-8", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordThatIsTooLargeIsRefusedWithItsSizeAndTheLimit()
    {
        Assert.False(RecordReader.TryRead(Message($"[{{}},{{\"a\":\"{new string('x', 1 << 20)}\"}}]"), out _, out var problem));
        Assert.Equal("Element 1 of the array has 1048584 bytes; a record can have at most 1048576. Remove attributes that Clockify does not use at the source.", problem);
    }

    [Fact]
    public void TheIdentityIsTheSameForEveryDeliveryAndAnotherForANewQueue()
    {
        Assert.True(RecordReader.TryRead(Message("{}"), out var first, out _));
        Assert.True(RecordReader.TryRead(Message("{}"), out var again, out _));
        Assert.True(RecordReader.TryRead(Received.Message("{}", enqueued: DateTimeOffset.UnixEpoch), out var elsewhere, out _));
        Assert.Equal(first[0].Id, again[0].Id);
        Assert.NotEqual(first[0].Id, elsewhere[0].Id);
    }

    [Theory]
    [InlineData("""{"a":1}""", null)]
    [InlineData(7, "send the record as data")]
    public void ATextThatWasSentAsAnAmqpValueIsReadAndEveryOtherValueIsRefused(object value, string? expected)
    {
        var message = ServiceBusReceivedMessage.FromAmqpMessage(new AmqpAnnotatedMessage(AmqpMessageBody.FromValue(value)), new BinaryData(Guid.Empty.ToByteArray()));
        Assert.Equal(expected is null, RecordReader.TryRead(message, out _, out var problem));
        if (expected is not null) Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static ServiceBusReceivedMessage Message(string body) => Received.Message(body);
}
