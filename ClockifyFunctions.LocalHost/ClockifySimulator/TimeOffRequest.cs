using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed record TimeOffRequest(string Id, string UserId, JsonObject Policy, JsonObject Period, string Note, DateTimeOffset CreatedAt);
