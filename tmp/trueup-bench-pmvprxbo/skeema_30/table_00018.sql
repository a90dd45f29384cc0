CREATE TABLE `table_00018` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(200) NOT NULL,
  `email` varchar(190) NOT NULL,
  `status` int NOT NULL DEFAULT '0',
  `price` decimal(12,2) DEFAULT NULL,
  `tags` text,
  `data` json DEFAULT NULL,
  `parent_id` bigint DEFAULT NULL,
  `created_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `table_00018_email_key` (`email`),
  KEY `parent_id` (`parent_id`),
  KEY `table_00018_name_idx` (`name`),
  KEY `table_00018_created_at_idx` (`created_at` DESC),
  CONSTRAINT `table_00018_ibfk_1` FOREIGN KEY (`parent_id`) REFERENCES `table_00017` (`id`) ON DELETE CASCADE,
  CONSTRAINT `table_00018_status_check` CHECK ((`status` >= 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
