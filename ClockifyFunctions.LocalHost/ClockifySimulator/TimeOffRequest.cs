using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed record TimeOffRequest(string Id, string UserId, TimeOffPolicy Policy, JsonObject Period, string Note, DateTimeOffset CreatedAt);
