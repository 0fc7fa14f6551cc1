using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BiMaskGen.Tool.Output;

/// <summary>Results as JSON: camelCase names, enums and patterns as text.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new PatternConverter() },
    };

    /// <summary>A result as text.</summary>
    public static string Of<T>(T result) => JsonSerializer.Serialize(result, s_options);

    private sealed class PatternConverter : JsonConverter<NMPattern>
    {
        public override NMPattern Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PatternText.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, NMPattern value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
