using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using ClockifyFunctions.LocalHost.ServiceBus;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The invocations of Service Bus functions for messages from a broker. The test decodes them with the official client, as the worker does.</summary>
public sealed class QueueInvocationsTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly WatchedTime _time = new();
    private ServiceBusEmulator _bus = null!;
    private BrokerConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _bus = await ServiceBusEmulator.StartAsync(0, [new("work")], _time);
        _connection = await BrokerConnection.OpenAsync(new BrokerAddress("127.0.0.1", _bus.Port), "work", _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Fact]
    public async Task TheOfficialClientReadsEverythingThatTheSenderAndTheBrokerSet()
    {
        var delivered = await DeliverAsync(Some("{\"a\":1}"));
        _connection.Receiver.Modify(delivered, deliveryFailed: true);
        delivered = await ReceiveAsync();

        var data = InputOf(QueueInvocations.Single("message", delivered)).ModelBindingData;

        Assert.Equal(("1.0", "AzureServiceBusReceivedMessage", "application/octet-stream"), (data.Version, data.Source, data.ContentType));
        var message = Decode(data);
        Assert.Equal("{\"a\":1}", message.Body.ToString());
        Assert.Equal(new Guid(delivered.DeliveryTag).ToString(), message.LockToken);
        Assert.Equal(("m-1", "s-1", "c-1", "application/json", "subject"), (message.MessageId, message.SessionId, message.CorrelationId, message.ContentType, message.Subject));
        Assert.Equal((2, 1L), (message.DeliveryCount, message.SequenceNumber));
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow() + TimeSpan.FromSeconds(60)), (message.EnqueuedTime, message.LockedUntil));
        Assert.Equal("entries", message.ApplicationProperties["destination"]);
        Assert.Equal(TimeSpan.FromMinutes(10), message.TimeToLive);
    }

    [Fact]
    public async Task ASingleMessageHasTheMetadataOfTheRealExtension()
    {
        _time.Advance(TimeSpan.FromMilliseconds(250));
        var delivered = await DeliverAsync(Some("a"));

        var metadata = QueueInvocations.Single("message", delivered).TriggerMetadata;

        Assert.Equal("m-1", metadata["MessageId"].String);
        Assert.Equal(new Guid(delivered.DeliveryTag).ToString(), metadata["LockToken"].String);
        Assert.Equal("1", metadata["DeliveryCount"].Json);
        Assert.Equal("1", metadata["SequenceNumber"].Json);
        Assert.Equal("\"2026-11-24T00:00:00.25\"", metadata["EnqueuedTimeUtc"].Json);
        Assert.Equal("\"2026-11-24T00:00:00.25+00:00\"", metadata["EnqueuedTime"].Json);
        Assert.Equal("entries", JsonDocument.Parse(metadata["ApplicationProperties"].Json).RootElement.GetProperty("destination").GetString());
        Assert.False(metadata.ContainsKey("ReplyTo"));
        // The content type of the binding data overwrites that of the message.
        Assert.Equal("application/octet-stream", metadata["ContentType"].String);
        Assert.Equal("{}", metadata["MessageActions"].Json);
    }

    [Fact]
    public async Task ABatchHasOneElementPerMessageAndArraysOfMetadata()
    {
        var request = QueueInvocations.Batch("messages", [await DeliverAsync(Some("a")), await DeliverAsync(Some("b"))]);

        var elements = InputOf(request).CollectionModelBindingData.ModelBindingData;
        Assert.Equal(["a", "b"], elements.Select(element => Decode(element).Body.ToString()));
        Assert.Equal(["m-1", "m-1"], request.TriggerMetadata["MessageIdArray"].CollectionString.String);
        Assert.Equal(["", ""], request.TriggerMetadata["ReplyToArray"].CollectionString.String);
        Assert.Equal([1L, 2L], request.TriggerMetadata["SequenceNumberArray"].CollectionSint64.Sint64);
        Assert.Equal("[1,1]", request.TriggerMetadata["DeliveryCountArray"].Json);
        Assert.Equal(2, JsonDocument.Parse(request.TriggerMetadata["ApplicationPropertiesArray"].Json).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("Diagnostic-Id")]
    [InlineData("traceparent")]
    public async Task ASingleMessageContinuesTheTraceOfItsSender(string property)
    {
        var sent = Some("a");
        sent.ApplicationProperties[property] = $"00-{Trace}-b7ad6b7169203331-01";

        var context = QueueInvocations.Single("message", await DeliverAsync(sent)).TraceContext;

        Assert.StartsWith($"00-{Trace}-", context.TraceParent);
        Assert.DoesNotContain("b7ad6b7169203331", context.TraceParent);
    }

    [Fact]
    public async Task AMessageWithoutATraceStartsANewOne() =>
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", QueueInvocations.Single("message", await DeliverAsync(Some("a"))).TraceContext.TraceParent);

    private static Message Some(string body) => new()
    {
        Header = new Header { Ttl = 600_000 },
        Properties = new Properties { MessageId = "m-1", GroupId = "s-1", CorrelationId = "c-1", ContentType = "application/json", Subject = "subject" },
        ApplicationProperties = new ApplicationProperties { ["destination"] = "entries" },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
    };

    private static TypedData InputOf(InvocationRequest request) => Assert.Single(request.InputData).Data;

    private static ServiceBusReceivedMessage Decode(ModelBindingData data)
    {
        var content = data.Content.Memory;
        return ServiceBusReceivedMessage.FromAmqpMessage(AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(content[16..])), BinaryData.FromBytes(content[..16]));
    }

    private Task<Message> DeliverAsync(Message message)
    {
        _bus.Queue("work").Send(message);
        return ReceiveAsync();
    }

    private async Task<Message> ReceiveAsync()
    {
        _connection.Receiver.SetCredit(1, CreditMode.Manual);
        return await _connection.Receiver.ReceiveAsync(TimeSpan.FromSeconds(20));
    }
}
