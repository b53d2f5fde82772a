using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

public sealed class InvocationBodyTests
{
    private const string Namespace = "contoso.servicebus.windows.net";

    [Theory]
    [InlineData("sb-single-binary")]
    [InlineData("sb-single-binary-no-override")]
    [InlineData("sb-single-body-overrides-metadata")]
    [InlineData("sb-single-delivery-count-3")]
    [InlineData("sb-single-failure-dead-letter")]
    [InlineData("sb-single-json")]
    [InlineData("sb-single-json-array-body")]
    [InlineData("sb-single-non-utf8-body")]
    [InlineData("sb-single-output-base64-trap")]
    [InlineData("sb-single-output-objects")]
    [InlineData("sb-single-output-strings")]
    [InlineData("sb-single-properties")]
    [InlineData("sb-single-text")]
    public void ASingleMessageIsEncodedAsTheRealHostDid(string name)
    {
        var recording = new Recording(name);

        var body = InvocationBody.Single(
            recording.BindingName, recording.Messages.Single(), recording.Binary, Namespace, recording.Stamp);

        Assert.Equal(recording.Body, body);
    }

    [Theory]
    [InlineData("sb-batch-binary")]
    [InlineData("sb-batch-of-1")]
    [InlineData("sb-batch-of-3")]
    public void ABatchIsEncodedAsTheRealHostDid(string name)
    {
        var recording = new Recording(name);

        var body = InvocationBody.Batch(recording.BindingName, recording.Messages, recording.Binary, Namespace, recording.Stamp);

        Assert.Equal(recording.Body, body);
    }

    [Fact]
    public void ATimerIsEncodedAsTheRealHostDid()
    {
        var recording = new Recording("timer");

        Assert.Equal(recording.Body, InvocationBody.Timer(recording.BindingName, recording.Stamp));
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData(1.0, "1.0")]
    [InlineData(1.5, "1.5")]
    [InlineData(true, "true")]
    [InlineData('c', "\"c\"")]
    [InlineData("é\u2028\u0001\"\\😀", "\"é\\u2028\\u0001\\\"\\\\😀\"")]
    public void ValuesAreWrittenAsNewtonsoftDoes(object? value, string json) => Assert.Equal(json, JsonWriting.Value(value));
}
