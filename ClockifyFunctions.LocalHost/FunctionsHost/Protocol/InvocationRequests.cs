using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

/// <summary>Creates values and requests in the format that the worker reads.</summary>
internal static class InvocationRequests
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates a request with a new invocation id and one input: the data of the trigger.</summary>
    public static InvocationRequest With(string binding, TypedData data) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        InputData = { new ParameterBinding { Name = binding, Data = data } },
    };

    public static TypedData Text(string text) => new() { String = text };

    public static TypedData AsJson(object value) => new() { Json = JsonSerializer.Serialize(value, Json) };
}
